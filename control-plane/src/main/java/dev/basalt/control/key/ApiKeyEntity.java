package dev.basalt.control.key;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code api_keys}. Used within one session. */
@Entity
@Table(name = "api_keys")
class ApiKeyEntity {
    @Id
    UUID id;

    @Column(name = "project_id")
    UUID projectId;

    String kind;
    byte[] hash;
    String hint;

    @Nullable
    String value;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "revoked_at")
    @Nullable
    Instant revokedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    ApiKeyEntity() {}
}
