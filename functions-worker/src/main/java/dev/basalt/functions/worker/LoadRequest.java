package dev.basalt.functions.worker;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an isolate is made from.
 *
 * @param environment a JSON object of strings
 */
record LoadRequest(
        int initMillis,
        int memoryMb,
        int maxResponseBytes,
        int maxLogBytes,
        String environment,
        String entrypoint,
        Map<String, String> files) {

    static LoadRequest read(FrameReader frame) {
        int initMillis = frame.int32();
        int memoryMb = frame.int32();
        int maxResponseBytes = frame.int32();
        int maxLogBytes = frame.int32();
        String environment = frame.string();
        return new LoadRequest(
                initMillis, memoryMb, maxResponseBytes, maxLogBytes, environment, frame.string(), readFiles(frame));
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
