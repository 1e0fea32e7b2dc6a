package dev.basalt.sdk.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.Basalt;
import dev.basalt.sdk.BasaltClient;
import java.net.URI;
import org.junit.jupiter.api.Test;

class BucketClientTest {
    @Test
    void aPublicUrlEncodesEverySegment() {
        try (BasaltClient basalt = Basalt.connect("http://localhost:8000/basalt/", "sb_publishable_x")) {
            assertThat(basalt.storage().bucket("my bucket").publicUrl("été/a?b#c.png"))
                    .isEqualTo(
                            URI.create(
                                    "http://localhost:8000/basalt/storage/v1/object/public/my%20bucket/%C3%A9t%C3%A9/a%3Fb%23c.png"));
        }
    }

    @Test
    void aPathOutOfTheBucketIsRefusedBeforeAnythingIsSent() {
        try (BasaltClient basalt = Basalt.connect("http://localhost:1", "sb_publishable_x")) {
            assertThatThrownBy(() -> basalt.storage().bucket("b").download("../other/secret.png"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
