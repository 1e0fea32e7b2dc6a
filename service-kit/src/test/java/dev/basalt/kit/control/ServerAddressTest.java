package dev.basalt.kit.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
    @Test
    void aUrlIsReadWithItsDefaultsAndEscapes() {
        var address = ServerAddress.parse("postgresql://ann:p%40ss%2Fw+rd@db.example/");
        assertThat(address.host()).isEqualTo("db.example");
        assertThat(address.port()).isEqualTo(5432);
        assertThat(address.user()).isEqualTo("ann");
        assertThat(address.password().value()).isEqualTo("p@ss/w+rd");
        assertThat(address.database()).isEqualTo("basalt");
        assertThat(ServerAddress.parse("postgres://a:b@h:5433/other").jdbcUrl("x"))
                .isEqualTo("jdbc:postgresql://h:5433/x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://a:hush@h/x",
                "mysql://a:hush@h/x",
                "postgresql://h/hush",
                "postgresql://a:hush@ h/"
            })
    void aMalformedUrlIsRefusedWithoutRepeatingIt(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse(url))
                .withMessageContaining("BASALT_DATABASE_URL")
                .satisfies(refused -> assertThat(refused).hasMessageNotContaining("hush"));
    }
}
