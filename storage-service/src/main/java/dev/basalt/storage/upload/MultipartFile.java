package dev.basalt.storage.upload;

import dev.basalt.kit.error.ApiException;
import dev.basalt.storage.error.StorageError;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one file of a {@code multipart/form-data} body (RFC 7578) as a stream, with the fields that stood before it.
 * What follows the file is read and thrown away.
 *
 * <p>Ours rather than Vert.x's own, because the clients name the file's part {@code ""}, which that one refuses. Used on
 * one event loop.
 */
final class MultipartFile implements ReadStream<Buffer> {
    private static final int MOST_BEFORE_FILE = 1 << 20;
    private static final int LONGEST_HEADERS = 16 << 10;
    private static final byte[] HEADERS_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))", Pattern.CASE_INSENSITIVE);
    private static final Pattern PARAMETER = Pattern.compile(";\\s*(name|filename\\*?)=(?:\"([^\"]*)\"|([^;\\s]*))");

    private enum State {
        DELIMITER,
        HEADERS,
        FIELD,
        FILE,
        OVER
    }

    private final ReadStream<Buffer> source;
    private final byte[] delimiter;
    private final Map<String, String> fields = new HashMap<>();
    private final Promise<MultipartFile> opened = Promise.promise();

    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private @Nullable String contentType;
    private String partName = "";
    // The first boundary stands at the very start: this makes it look like every other one.
    private byte[] pending = {'\r', '\n'};
    private State state = State.DELIMITER;
    private boolean flowing = true;
    private boolean sourceEnded;
    private long before;

    private MultipartFile(ReadStream<Buffer> source, String boundary) {
        this.source = source;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads up to the file's first byte; the stream is paused there.
     *
     * @return fails with {@link StorageError#INVALID_REQUEST} when there is no file, or the body is no multipart
     */
    static Future<MultipartFile> open(ReadStream<Buffer> source, String contentType) {
        var matcher = BOUNDARY.matcher(contentType);
        if (!matcher.find()) {
            return Future.failedFuture(malformed("no boundary"));
        }
        var file = new MultipartFile(source, matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        source.handler(file::receive);
        source.endHandler(end -> file.ended());
        source.exceptionHandler(file::fail);
        source.resume();
        return file.opened.future();
    }

    private static ApiException malformed(String why) {
        return ApiException.of(StorageError.INVALID_REQUEST, "The multipart body is malformed: " + why);
    }

    /** The value of a field that stood before the file. */
    @Nullable
    String field(String name) {
        return fields.get(name);
    }

    /** The file's own content type. */
    @Nullable
    String contentType() {
        return contentType;
    }

    private void receive(Buffer chunk) {
        if (state == State.OVER) {
            return;
        }
        byte[] bytes = chunk.getBytes();
        byte[] joined = new byte[pending.length + bytes.length];
        System.arraycopy(pending, 0, joined, 0, pending.length);
        System.arraycopy(bytes, 0, joined, pending.length, bytes.length);
        pending = joined;
        if (state != State.FILE) {
            before += bytes.length;
            if (before > MOST_BEFORE_FILE + (long) bytes.length) {
                fail(malformed("too much before the file"));
                return;
            }
        }
        advance();
    }

    private void advance() {
        boolean more = true;
        while (more && state != State.OVER) {
            more = switch (state) {
                case DELIMITER -> delimiter();
                case HEADERS -> headers();
                case FIELD -> fieldBody();
                case FILE -> fileBody();
                case OVER -> false;
            };
        }
    }

    /** At {@code CRLF--boundary}, then {@code CRLF} before a part or {@code --} at the end. */
    private boolean delimiter() {
        if (pending.length < delimiter.length + 2) {
            return false;
        }
        if (indexOf(pending, delimiter, 0) != 0) {
            fail(malformed("no boundary where one must be"));
            return false;
        }
        byte first = pending[delimiter.length];
        byte second = pending[delimiter.length + 1];
        if (first == '-' && second == '-') {
            fail(malformed("no file in it"));
            return false;
        }
        if (first != '\r' || second != '\n') {
            fail(malformed("no line end after a boundary"));
            return false;
        }
        // The line end stays: a part without headers has its empty line right here.
        drop(delimiter.length);
        state = State.HEADERS;
        return true;
    }

    private boolean headers() {
        int end = indexOf(pending, HEADERS_END, 0);
        if (end < 0) {
            if (pending.length > LONGEST_HEADERS) {
                fail(malformed("headers too long"));
            }
            return false;
        }
        String headers = new String(pending, 0, end, StandardCharsets.UTF_8);
        drop(end + HEADERS_END.length);
        boolean file = false;
        String type = null;
        partName = "";
        for (String line : headers.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals("content-type")) {
                type = value;
            } else if (name.equals("content-disposition")) {
                var parameters = PARAMETER.matcher(value);
                while (parameters.find()) {
                    String text = parameters.group(2) == null ? parameters.group(3) : parameters.group(2);
                    if (parameters.group(1).equals("name")) {
                        partName = text;
                    } else {
                        file = true;
                    }
                }
            }
        }
        if (file || partName.isEmpty()) {
            state = State.FILE;
            contentType = type;
            flowing = false;
            source.pause();
            opened.tryComplete(this);
            return flowing;
        }
        state = State.FIELD;
        return true;
    }

    private boolean fieldBody() {
        int end = indexOf(pending, delimiter, 0);
        if (end < 0) {
            return false;
        }
        fields.put(partName, new String(pending, 0, end, StandardCharsets.UTF_8));
        drop(end);
        state = State.DELIMITER;
        return true;
    }

    private boolean fileBody() {
        if (!flowing) {
            return false;
        }
        int end = indexOf(pending, delimiter, 0);
        if (end >= 0) {
            emit(end);
            finish();
            return false;
        }
        // The delimiter may have begun in the last bytes.
        emit(pending.length - delimiter.length + 1);
        return false;
    }

    private void emit(int length) {
        if (length > 0) {
            Buffer chunk = Buffer.buffer(length).appendBytes(pending, 0, length);
            drop(length);
            if (handler != null) {
                handler.handle(chunk);
            }
        }
    }

    private void finish() {
        state = State.OVER;
        pending = new byte[0];
        if (!sourceEnded) {
            source.resume();
        }
        if (endHandler != null) {
            endHandler.handle(null);
        }
    }

    private void ended() {
        sourceEnded = true;
        if (state != State.OVER && (state != State.FILE || indexOf(pending, delimiter, 0) < 0)) {
            fail(malformed("it ends too early"));
        }
    }

    private void fail(Throwable cause) {
        if (state == State.OVER) {
            return;
        }
        state = State.OVER;
        pending = new byte[0];
        if (!opened.tryFail(cause) && exceptionHandler != null) {
            exceptionHandler.handle(cause);
        }
    }

    private void drop(int count) {
        pending = java.util.Arrays.copyOfRange(pending, count, pending.length);
    }

    private static int indexOf(byte[] text, byte[] wanted, int from) {
        for (int start = from; start <= text.length - wanted.length; start++) {
            if (text[start] == wanted[0]
                    && java.util.Arrays.equals(text, start, start + wanted.length, wanted, 0, wanted.length)) {
                return start;
            }
        }
        return -1;
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> newHandler) {
        handler = newHandler;
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> newHandler) {
        endHandler = newHandler;
        return this;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> newHandler) {
        exceptionHandler = newHandler;
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        flowing = false;
        if (state != State.OVER) {
            source.pause();
        }
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        flowing = true;
        advance();
        if (flowing && !sourceEnded) {
            source.resume();
        }
        return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        return resume();
    }
}
