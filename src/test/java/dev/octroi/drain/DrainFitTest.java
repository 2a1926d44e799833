package dev.octroi.drain;

import static dev.octroi.drain.Life.HOUR;
import static dev.octroi.drain.Life.MB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fitting gives the same weights twice, in a form the detector reads, that find what they were fitted on. */
class DrainFitTest {
    private static final int LIVES = 12;

    @Test
    void fittingIsRepeatableAndItsWeightsWork(@TempDir Path folder) throws IOException {
        set(folder);
        new DrainFit(3, 12, 0.3f, 0f, line -> {}).run(List.of(folder.toString()), folder.resolve("one"));
        new DrainFit(3, 12, 0.3f, 0f, line -> {}).run(List.of(folder.toString()), folder.resolve("two"));

        assertThat(folder.resolve("one/weights.txt")).hasSameTextualContentAs(folder.resolve("two/weights.txt"));
        assertThat(folder.resolve("one/population.txt")).hasSameTextualContentAs(folder.resolve("two/population.txt"));
        Weights weights = weights(folder.resolve("one/weights.txt"));
        assertThat(weights.version()).isEqualTo(3);
        assertThat(weights.text()).isEqualTo(Files.readString(folder.resolve("one/weights.txt")));
        try (InputStream in = Files.newInputStream(folder.resolve("one/population.txt"))) {
            Population population = Population.read(in);
            Life drained = life(1);
            assertThat(highest(weights, population, drained.records()))
                    .isGreaterThan(highest(weights, population, life(0).records()));
        }
    }

    @Test
    void whatPeopleAnsweredMovesTheScoreOfWhatTheyAnswered(@TempDir Path folder) throws IOException {
        set(folder);
        DrainState state = DrainState.fresh(PlanClass.REGULAR);
        for (DrainObservation record : life(0).records()) {
            DrainDetector.shipped().observe(state, Population.shipped(), record);
        }
        List<Float> measured = state.quantities();
        float drained = sum(fitted(folder, new AnsweredAlarm(false, "burst", measured)), measured);
        float meant = sum(fitted(folder, new AnsweredAlarm(true, "burst", measured)), measured);
        assertThat(drained).isGreaterThan(meant + 1);
    }

    @Test
    void answersOfOtherQuantitiesOrAnotherFormAreRefused(@TempDir Path folder) throws IOException {
        DrainFit fit = new DrainFit(3, 12, 0.3f, 0f, line -> {});
        Path file = folder.resolve("answers.csv");
        Files.writeString(file, AnswersCsv.header().replace("T2", "T9") + "\n");
        assertThatThrownBy(() -> fit.answered(file, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("quantities");
        for (String line : List.of("maybe,burst,1", "drain,burst,1", "")) {
            Files.writeString(file, AnswersCsv.header() + "\n" + line + "\n");
            assertThatThrownBy(() -> fit.answered(file, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("line 2");
        }
    }

    private static Weights fitted(Path folder, AnsweredAlarm answered) throws IOException {
        List<String> lines = new ArrayList<>(List.of(AnswersCsv.header()));
        for (int i = 0; i < 40; i++) {
            lines.add(AnswersCsv.line(answered));
        }
        Path file = Files.write(folder.resolve("answers.csv"), lines);
        DrainFit fit = new DrainFit(3, 12, 0.3f, 0f, line -> {});
        fit.answered(file, 1);
        fit.run(List.of(folder.toString()), folder.resolve("out"));
        return weights(folder.resolve("out/weights.txt"));
    }

    private static float sum(Weights weights, List<Float> measured) {
        float[] quantities = new float[measured.size()];
        for (int i = 0; i < quantities.length; i++) {
            quantities[i] = measured.get(i);
        }
        float[] sums = weights.alarm().partialSums(quantities);
        return sums[sums.length - 1];
    }

    private static double highest(Weights weights, Population population, List<DrainObservation> records) {
        DrainDetector detector = new DrainDetector(weights);
        DrainState state = DrainState.fresh(PlanClass.REGULAR);
        double highest = -100;
        for (DrainObservation record : records) {
            highest = Math.max(
                    highest, detector.observe(state, population, record).score());
        }
        return highest;
    }

    private static Weights weights(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Weights.read(in);
        }
    }

    private static Life life(int number) {
        Life life = new Life(100 + number).ordinary(0, 12);
        if (number % 2 == 1) {
            life.flow(life.day(9) + HOUR, 9 * HOUR, 150, 8_000 * MB, Category.OTHER, 0.4);
        }
        return life;
    }

    private static void set(Path folder) throws IOException {
        List<String> events = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < LIVES; i++) {
            Life life = life(i);
            String subscription = "L" + i;
            life.records().forEach(record -> events.add(DrainReplayTest.line(subscription, record)));
            if (i % 2 == 1) {
                long from = life.day(9) + HOUR;
                labels.add("%d,%s,%s,%d,%d"
                        .formatted(i, subscription, i % 4 == 1 ? "burst" : "app", from, from + 9 * HOUR));
            }
        }
        events.sort(Comparator.comparing(line -> line.split(",", -1)[1]));
        Files.write(folder.resolve("events.csv"), events);
        Files.write(folder.resolve("labels.csv"), labels);
    }
}
