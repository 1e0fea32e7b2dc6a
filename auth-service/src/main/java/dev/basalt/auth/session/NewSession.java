package dev.basalt.auth.session;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.UUID;

/** A session about to be stored. */
public final class NewSession {
    private static final String AAL = "aal1";

    private final UUID id = UUID.randomUUID();
    private final byte[] familyKey = RefreshToken.random();
    private final RefreshToken refreshToken = RefreshToken.first(id, familyKey);
    private final JsonArray amr;
    private final ClientInfo client;

    /** @param method how the user signed in, as the claim {@code amr} names it: {@code password}, {@code anonymous} */
    public NewSession(String method, ClientInfo client) {
        this.amr = new JsonArray()
                .add(new JsonObject()
                        .put("method", method)
                        .put("timestamp", Instant.now().getEpochSecond()));
        this.client = client;
    }

    /**
     * An insert for a {@code with} clause, of one session a row of {@code users}.
     *
     * @param first the number of the first of the six parameters that {@link #addTo} adds
     */
    public static String insert(String users, int first) {
        return """
                insert into auth.sessions (id, user_id, amr, user_agent, ip, refresh_hash, refresh_family_key)
                  select $%d, owner.id, $%d, $%d, $%d::text::inet, $%d, $%d from %s owner""".formatted(first, first + 1, first + 2, first + 3, first + 4, first + 5, users);
    }

    /** Adds the parameters of {@link #insert}. */
    public Tuple addTo(Tuple parameters) {
        return parameters
                .addValue(id)
                .addValue(amr)
                .addValue(client.userAgent())
                .addValue(client.address())
                .addValue(Buffer.buffer(refreshToken.hash()))
                .addValue(Buffer.buffer(familyKey));
    }

    /** What the client gets once it is stored. */
    public IssuedSession issuedTo(dev.basalt.auth.user.User user) {
        return new IssuedSession(id, user, refreshToken, AAL, amr);
    }
}
