package dev.basalt.standalone;

import dev.basalt.kit.caller.ApiKeyFormat;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.project.KeyKind;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.ProjectDirectory;
import dev.basalt.kit.schema.ProjectFactory;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/** Sees to it that the project {@code default} is there and that its keys are known here. */
@ApplicationScoped
class DefaultProject {
    static final String REF = "default";
    private final ProjectDirectory directory;
    private final ProjectFactory factory;
    private final ControlDatabase control;

    @Inject
    DefaultProject(ProjectDirectory directory, ProjectFactory factory, ControlDatabase control) {
        this.directory = directory;
        this.factory = factory;
        this.control = control;
    }

    void ensure(@Observes StartupEvent event) {
        directory
                .byRef(REF)
                .compose(found -> found.isEmpty()
                        ? create()
                        : Main.running().credentials().project(REF).isEmpty()
                                ? addKeys(found.get())
                                : Future.<Void>succeededFuture())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private Future<Void> create() {
        return factory.create(REF, REF)
                .onSuccess(created -> Main.running()
                        .credentials()
                        .remember(
                                REF,
                                created.publishableKey(),
                                created.secretKey().value()))
                .mapEmpty();
    }

    /** The project came with a database from elsewhere: its old keys are hashes, so this machine gets its own. */
    private Future<Void> addKeys(Project project) {
        var publishable = ApiKeyFormat.generate(KeyKind.PUBLISHABLE);
        var secret = ApiKeyFormat.generate(KeyKind.SECRET);
        return control.transaction(connection -> ProjectFactory.addKey(
                                connection, project.id(), KeyKind.PUBLISHABLE, publishable)
                        .compose(added -> ProjectFactory.addKey(connection, project.id(), KeyKind.SECRET, secret)))
                .onSuccess(added -> Main.running().credentials().remember(REF, publishable, secret));
    }
}
