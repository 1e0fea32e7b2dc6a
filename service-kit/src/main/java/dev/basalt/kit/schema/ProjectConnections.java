package dev.basalt.kit.schema;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.project.ProjectDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** Plain JDBC to projects' databases, for COPY, which the reactive client has not. Blocks; safe for use by any thread. */
@ApplicationScoped
public class ProjectConnections {
    private final AdminConnections admin;

    @Inject
    ProjectConnections(ControlDatabase control) {
        this.admin = new AdminConnections(control.address());
    }

    /** As the administrator: for reading alone, because what runs here could do anything. */
    public Connection administrator(ProjectDatabase database) throws SQLException {
        return admin.connect(database.name());
    }

    /** As the project's owner. */
    public Connection owner(ProjectDatabase database) throws SQLException {
        var source = (PGSimpleDataSource) admin.dataSource(database.name());
        source.setUser(database.ownerRole());
        source.setPassword(database.ownerPassword().value());
        return source.getConnection();
    }
}
