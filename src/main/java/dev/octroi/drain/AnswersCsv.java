package dev.octroi.drain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Answered alarms as CSV: {@code answer,kind} and the measured quantities by name. The names in the first line tell a later
 * fit whether it would measure the same.
 */
public final class AnswersCsv {
    private static final String MEANT = "meant";
    private static final String DRAIN = "drain";
    /** Most answers of one file. */
    private static final int MAX_ANSWERS = 1_000_000;

    private AnswersCsv() {}

    /** The first line. */
    public static String header() {
        return FeatureSpec.ALL.stream().map(FeatureSpec::name).collect(Collectors.joining(",", "answer,kind,", ""));
    }

    /** The line of an answer that is {@linkplain AnsweredAlarm#isComparable comparable}. */
    public static String line(AnsweredAlarm answered) {
        return answered.quantities().stream()
                .map(String::valueOf)
                .collect(Collectors.joining(",", (answered.meant() ? MEANT : DRAIN) + ',' + answered.kind() + ',', ""));
    }

    /**
     * Reads a file.
     *
     * @throws IOException when it cannot be read, is not of this form, or holds other quantities; names the line
     */
    static List<AnsweredAlarm> read(Path file) throws IOException {
        List<AnsweredAlarm> answers = new ArrayList<>();
        try (var reader = Files.newBufferedReader(file)) {
            if (!header().equals(reader.readLine())) {
                throw new IOException(file + ": not answers with the quantities that this version measures");
            }
            int number = 1;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (number > MAX_ANSWERS) {
                    throw new IOException(file + ": more than " + MAX_ANSWERS + " answers");
                }
                answers.add(parse(line, file + ", line " + number));
            }
        }
        return answers;
    }

    private static AnsweredAlarm parse(String line, String where) throws IOException {
        String[] words = line.split(",", -1);
        boolean known = words[0].equals(MEANT) || words[0].equals(DRAIN);
        if (!known || words.length != FeatureSpec.ALL.size() + 2) {
            throw new IOException(where + ": not an answer");
        }
        List<Float> quantities = new ArrayList<>(words.length);
        for (int i = 2; i < words.length; i++) {
            try {
                float quantity = Float.parseFloat(words[i]);
                if (Float.isNaN(quantity)) {
                    throw new IOException(where + ": a quantity is not a number");
                }
                quantities.add(quantity);
            } catch (NumberFormatException e) {
                throw new IOException(where + ": a quantity is not a number", e);
            }
        }
        return new AnsweredAlarm(words[0].equals(MEANT), words[1], quantities);
    }
}
