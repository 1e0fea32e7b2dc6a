package dev.basalt.functions.worker;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an isolate is made from.
 *
 * @param maxCalls what one invocation may ask of the host
 * @param maxOpenCalls how much of that at a time
 * @param concurrency how many invocations may be under way at a time
 * @param environment a JSON object of strings
 */
record LoadRequest(
        int initMillis,
        int memoryMb,
        int maxResponseBytes,
        int maxLogBytes,
        int maxCalls,
        int maxOpenCalls,
        int concurrency,
        String environment,
        String entrypoint,
        Map<String, String> files) {

    static LoadRequest read(FrameReader frame) {
        int initMillis = frame.int32();
        int memoryMb = frame.int32();
        int maxResponseBytes = frame.int32();
        int maxLogBytes = frame.int32();
        int maxCalls = frame.int32();
        int maxOpenCalls = frame.int32();
        int concurrency = frame.int32();
        String environment = frame.string();
        String entrypoint = frame.string();
        return new LoadRequest(
                initMillis,
                memoryMb,
                maxResponseBytes,
                maxLogBytes,
                maxCalls,
                maxOpenCalls,
                concurrency,
                environment,
                entrypoint,
                readFiles(frame));
    }

    static Map<String, String> readFiles(FrameReader frame) {
        int count = frame.int32();
        Map<String, String> files = LinkedHashMap.newLinkedHashMap(Math.min(count, 4096));
        for (int i = 0; i < count; i++) {
            files.put(frame.string(), frame.string());
        }
        return files;
    }
}
