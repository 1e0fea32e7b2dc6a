package dev.basalt.kit.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestMeterTest {
    private static final FunctionUse USE = new FunctionUse(1, 2, 3, 4, 5);

    @Test
    void whatComesAfterTheCountIsNotTakenAndNothingIsCountedTwice() {
        var meter = new RequestMeter();
        assertThat(meter.addFunction(USE)).isTrue();
        assertThat(meter.addFunction(USE)).isTrue();
        assertThat(meter.takeFunction()).isEqualTo(new FunctionUse(2, 4, 6, 8, 10));
        assertThat(meter.addFunction(USE)).isFalse();
        assertThat(meter.takeFunction()).isEqualTo(FunctionUse.NONE);
    }
}
