package dev.basalt.standalone.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A command line: the command, plain words, and options {@code --name VALUE}. Immutable. */
record Words(String command, List<String> plain, Map<String, String> options) {
    Words {
        plain = List.copyOf(plain);
        options = Map.copyOf(options);
    }

    static Words of(List<String> arguments) {
        var plain = new ArrayList<String>();
        var options = new LinkedHashMap<String, String>();
        for (var i = 1; i < arguments.size(); i++) {
            var word = arguments.get(i);
            if (word.startsWith("--") && i + 1 < arguments.size()) {
                options.put(word.substring(2), arguments.get(i + 1));
                i++;
            } else {
                plain.add(word);
            }
        }
        return new Words(arguments.isEmpty() ? "" : arguments.getFirst(), plain, options);
    }

    /** Whether there are so many plain words, and no option but these. */
    boolean are(int least, int most, String... known) {
        return plain.size() >= least
                && plain.size() <= most
                && Set.of(known).containsAll(options.keySet())
                && plain.stream().noneMatch(word -> word.startsWith("--"));
    }

    int size() {
        return plain.size();
    }

    String plain(int index) {
        return plain.get(index);
    }

    boolean has(String word) {
        return plain.contains(word);
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }
}
