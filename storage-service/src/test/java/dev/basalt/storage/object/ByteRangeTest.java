package dev.basalt.storage.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.kit.error.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({"bytes=0-0,0,0", "bytes=2-5,2,5", "bytes=2-,2,9", "bytes=-3,7,9", "bytes=5-99,5,9", "bytes=-99,0,9"})
    void aRangeIsCutToWhatIsThere(String header, long first, long last) {
        assertThat(ByteRange.of(header, 10)).contains(new ByteRange(first, last));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=5-4", "bytes=-", "bytes=0-1,3-4", "items=0-1", "bytes", "bytes=a-b", ""})
    void whatIsNoSingleRangeIsIgnored(String header) {
        assertThat(ByteRange.of(header, 10)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-11", "bytes=-0"})
    void aRangeBehindTheEndIsRefusedWithTheLength(String header) {
        assertThatThrownBy(() -> ByteRange.of(header, 10))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.headers())
                                .containsExactly(java.util.Map.entry("Content-Range", "bytes */10")));
    }

    @Test
    void noHeaderIsNoRange() {
        assertThat(ByteRange.of(null, 10)).isEmpty();
    }
}
