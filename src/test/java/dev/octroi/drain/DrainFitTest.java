package dev.octroi.drain;

import static dev.octroi.drain.Life.HOUR;
import static dev.octroi.drain.Life.MB;
import static org.assertj.core.api.Assertions.assertThat;

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
