package dev.basalt.functions.forward;

import dev.basalt.functions.runtime.FlowingBody;
import dev.basalt.functions.runtime.Outcome.Result;
import io.vertx.core.impl.ContextInternal;
import java.util.function.BiPredicate;

/**
 * Who asks for an answer and takes it as it comes.
 *
 * @param context where it is read, and where the request's body belongs
 * @param flows is told of an answer that begins to flow; answers whether anybody takes it
 */
public record Reader(ContextInternal context, BiPredicate<Result.HttpStream, FlowingBody> flows) {}
