package dev.basalt.auth.session;

import dev.basalt.auth.user.User;
import io.vertx.core.json.JsonArray;
import java.util.UUID;

/**
 * A session that a client is about to hold, with its one current refresh token.
 *
 * @param aal how sure it is who the user is (NIST SP 800-63B, section 4), as its claim has it
 * @param amr by what methods, each with its time in seconds: <code>[{method, timestamp}]</code>
 */
public record IssuedSession(UUID id, User user, RefreshToken refreshToken, String aal, JsonArray amr) {}
