package dev.basalt.kit.event;

import dev.basalt.kit.project.Project;

/**
 * The port through which a service says that it committed events of a project, which triggers wrote to
 * {@code basalt.events}. A nudge that is lost delays delivery, it does not lose the event.
 */
public interface EventSink {
    /** Says that events may wait. Returns at once, never fails, and may be called for every write. */
    void nudge(Project project);
}
