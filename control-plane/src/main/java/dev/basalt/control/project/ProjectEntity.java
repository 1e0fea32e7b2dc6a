package dev.basalt.control.project;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code projects}, without what only requests need. Used within one session. */
@Entity
@Table(name = "projects")
class ProjectEntity {
    @Id
    UUID id;

    String ref;
    String name;
    String status;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "updated_at")
    Instant updatedAt;

    @Column(name = "deleted_at")
    @Nullable
    Instant deletedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    ProjectEntity() {}
}
