package dev.basalt.functions.forward;

import dev.basalt.functions.runtime.Links;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;

/**
 * What is sent to a server.
 *
 * @param path with its query
 * @param body nothing where the links have one that flows
 */
record Message(HttpMethod method, String path, List<Map.Entry<String, String>> headers, Buffer body, Links links) {}
