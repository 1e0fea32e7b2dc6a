package dev.basalt.data.schema;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Likeness of names, for hints to people who mistyped one. */
public final class Similarity {
    private static final double LEAST = 0.6;

    /** Longer names get no hint: the comparison is quadratic and the name comes from outside. */
    private static final int LONGEST = 64;

    /** More names get no hint either. */
    private static final int MOST_CANDIDATES = 5_000;

    private Similarity() {}

    /** The candidate that takes the fewest edits from {@code name}, or null when the closest is not like it. */
    public static @Nullable String closest(String name, Collection<String> candidates) {
        if (name.length() > LONGEST || candidates.size() > MOST_CANDIDATES) {
            return null;
        }
        String best = null;
        double bestScore = LEAST;
        for (var candidate : candidates) {
            int longer = Math.max(name.length(), candidate.length());
            if (Math.abs(name.length() - candidate.length()) > longer * (1 - LEAST)) {
                continue;
            }
            double score = 1 - (double) edits(name, candidate) / longer;
            if (score > bestScore || (score == bestScore && best != null && candidate.compareTo(best) < 0)) {
                best = candidate;
                bestScore = score;
            }
        }
        return best;
    }

    /** Insertions, deletions, substitutions and swaps of neighbours that make one of the other. */
    private static int edits(String one, String other) {
        int width = other.length() + 1;
        int[] twoAbove = new int[width];
        int[] above = new int[width];
        int[] row = new int[width];
        for (int j = 0; j < width; j++) {
            above[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            row[0] = i;
            for (int j = 1; j < width; j++) {
                boolean same = one.charAt(i - 1) == other.charAt(j - 1);
                row[j] = Math.min(above[j - 1] + (same ? 0 : 1), Math.min(above[j], row[j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    row[j] = Math.min(row[j], twoAbove[j - 2] + 1);
                }
            }
            int[] spare = twoAbove;
            twoAbove = above;
            above = row;
            row = spare;
        }
        return above[other.length()];
    }
}
