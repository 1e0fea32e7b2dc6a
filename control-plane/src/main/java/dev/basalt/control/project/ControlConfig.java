package dev.basalt.control.project;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the control plane keeps projects. */
@ConfigMapping(prefix = "basalt.control")
interface ControlConfig {
    /** How long the data of a deleted project is kept, in which it can be taken up again. */
    @WithDefault("P7D")
    Duration deletionGrace();

    /** How often deleted projects are cleared and the stock is looked after. */
    @WithDefault("PT10M")
    Duration reapInterval();
}
