package dev.octroi.drain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Fits population and weights from labelled sets and writes them as the resources the detector reads. */
public final class DrainFit {
    private static final int DEPTH = 4;
    private static final int KIND_DEPTH = 3;
    private static final int KIND_TREES = 30;
    private static final float KIND_RATE = 0.25f;
    private static final double ROW_SHARE = 0.15;
    private static final double COLUMN_SHARE = 0.3;
    /** Share of the ordinary records that the first model finds easy. */
    private static final double EASY_SHARE = 0.95;

    private static final float ORDINARY_WEIGHT = 0.05f;
    private static final double SAMPLE_INSIDE = 0.06;
    private static final double SAMPLE_OUTSIDE = 0.012;
    private static final long SECONDS_PER_DAY = 86_400;
    /** Records whose sum comes this close to the threshold are worth computing in full ... */
    private static final float CLOSE = 2f;
    /** ... but for this share of them. */
    private static final double CLOSE_LOST = 0.001;

    private final int version;
    private final int trees;
    private final float rate;
    private final float threshold;
    private final Consumer<String> progress;
    private final List<AnsweredAlarm> answers = new ArrayList<>();
    private float answerWeight;

    /**
     * How to fit.
     *
     * @param version number of this fit
     * @param trees number of trees of the alarm model
     * @param rate how much of each tree is taken
     * @param threshold sum at which the product acts; found on sets that were not fitted on
     * @param progress told one line per step
     */
    public DrainFit(int version, int trees, float rate, float threshold, Consumer<String> progress) {
        this.version = version;
        this.trees = trees;
        this.rate = rate;
        this.threshold = threshold;
        this.progress = progress;
    }

    /**
     * Also fits on alarms that people answered: one "that was me" is an ordinary day, one "that was not me" a drain.
     *
     * @param file as {@code octroi drain answers} writes it
     * @param weight what an answer counts, against a drain of a set of weight 1; above 0
     * @throws IOException when the file cannot be read or measures other quantities
     */
    public void answered(Path file, float weight) throws IOException {
        answers.addAll(AnswersCsv.read(file));
        answerWeight = weight;
        progress.accept(answers.size() + " answered alarms");
    }

    /**
     * Fits and writes {@code population.txt} and {@code weights.txt}.
     *
     * @param sets {@code FOLDER[,WEIGHT[,KEEP[,blank]]]}: folder, weight of its drains, share of records inside drains
     *     to use, and whether to read it as a feed without categories; the population is that of the first
     * @param out where to write
     */
    public void run(List<String> sets, Path out) throws IOException {
        List<FitSet> parsed = sets.stream().map(DrainFit::set).toList();
        FitSet base = parsed.getFirst();
        Population population = Population.blank();
        for (int pass = 0; pass < 2; pass++) {
            PopulationFit fit = new PopulationFit();
            base.stream(population, fit, (subscription, state, record) -> {});
            population = fit.fit(population, version * 10 + pass);
        }
        Files.createDirectories(out);
        Files.writeString(out.resolve("population.txt"), population.text());
        progress.accept("population fitted");

        float[][] edges = edges(base, population);
        FitRows rough = collect(parsed, population, edges, 0.08, null, 0);
        progress.accept(rough.rows + " records, " + rough.bags.size() + " days and drains");
        TreeTrainer first = trainer(rough, 1);
        TreeModel guide = first.train(trees / 3);
        float hardFrom = first.ordinaryQuantile(EASY_SHARE);
        FitRows hard = collect(parsed, population, edges, 0.04, guide, hardFrom);
        progress.accept(hard.rows + " records after looking for hard ones");
        TreeModel whole = trainer(hard, 2).train(trees);
        TreeModel alarm = whole.givingUpBelow(limits(base, population, whole, threshold));
        progress.accept("alarm model fitted");
        TreeModel[] kinds = kinds(parsed, population, edges, alarm);
        Weights weights = new Weights(
                version,
                "fitted on " + parsed.size() + " sets, " + trees + " trees",
                threshold,
                new float[] {1f, 1.1f, 1.25f, 1.5f, 2f},
                new float[] {0.93f, 0.94f, 0.97f, 0.98f, 0.99f},
                alarm,
                kinds);
        Files.writeString(out.resolve("weights.txt"), weights.text());
        progress.accept("written to " + out);
    }

    private TreeTrainer trainer(FitRows rows, long seed) {
        return new TreeTrainer(rows, new SplittableRandom(seed), DEPTH, rate, ROW_SHARE, COLUMN_SHARE);
    }

    private static FitSet set(String text) {
        String[] words = text.split(",", -1);
        return new FitSet(
                Path.of(words[0]),
                words.length > 1 ? Float.parseFloat(words[1]) : 1f,
                words.length > 2 ? Double.parseDouble(words[2]) : 1.0,
                words.length > 3 && words[3].equals("blank"));
    }

    private static float[][] edges(FitSet set, Population population) throws IOException {
        List<float[]> sample = new ArrayList<>();
        RandomGenerator random = new SplittableRandom(3);
        Map<String, List<FitSet.Episode>> episodes = set.episodes();
        set.stream(population, null, (subscription, state, record) -> {
            boolean inside = inside(episodes.get(subscription), record) != null;
            if (random.nextDouble() < (inside ? SAMPLE_INSIDE : SAMPLE_OUTSIDE)) {
                sample.add(state.features.clone());
            }
        });
        return FitRows.edges(sample);
    }

    /** Where to give up: below, hardly any record comes close to the threshold in the end. */
    static float[] limits(FitSet set, Population population, TreeModel model, float threshold) throws IOException {
        List<float[]> close = new ArrayList<>();
        set.stream(population, null, (subscription, state, record) -> {
            float[] sums = model.partialSums(state.features);
            if (sums[TreeModel.CHECKS.length] > threshold - CLOSE) {
                close.add(sums);
            }
        });
        float[] limits = TreeModel.neverGiveUp();
        for (int check = 0; check < limits.length && !close.isEmpty(); check++) {
            int at = check;
            close.sort(Comparator.comparingDouble(sums -> sums[at]));
            limits[check] = close.get((int) (close.size() * CLOSE_LOST))[check];
        }
        return limits;
    }

    private static FitSet.@Nullable Episode inside(@Nullable List<FitSet.Episode> episodes, DrainObservation record) {
        if (episodes != null) {
            for (FitSet.Episode each : episodes) {
                if (each.covers(record.eventEndEpochSeconds())) {
                    return each;
                }
            }
        }
        return null;
    }

    private static boolean blurred(@Nullable List<FitSet.Episode> episodes, DrainObservation record) {
        return episodes != null && episodes.stream().anyMatch(each -> each.blurs(record.eventEndEpochSeconds()));
    }

    private FitRows collect(
            List<FitSet> sets,
            Population population,
            float[][] edges,
            double keep,
            @Nullable TreeModel guide,
            float hardFrom)
            throws IOException {
        FitRows rows = new FitRows(edges);
        for (FitSet set : sets) {
            RandomGenerator random = new SplittableRandom(5);
            Map<String, List<FitSet.Episode>> episodes = set.episodes();
            Map<String, Integer> days = new HashMap<>();
            set.stream(population, null, (subscription, state, record) -> {
                List<FitSet.Episode> known = episodes.get(subscription);
                FitSet.Episode episode = inside(known, record);
                if (episode != null) {
                    double weight =
                            set.weight() * kindWeight(episode.kind) * episode.weight(record.eventEndEpochSeconds());
                    if (random.nextDouble() < set.keep()) {
                        if (episode.bag < 0) {
                            episode.bag = rows.newBag(episode.kind);
                        }
                        rows.add(state.features, true, (float) (weight / set.keep()), episode.bag);
                    }
                } else if (!blurred(known, record)
                        && (random.nextDouble() < keep * Math.sqrt(set.keep())
                                || (guide != null && guide.sum(state.features) > hardFrom))) {
                    String day = subscription + ' ' + record.eventEndEpochSeconds() / SECONDS_PER_DAY;
                    int bag = days.computeIfAbsent(day, none -> rows.newBag(""));
                    rows.add(state.features, false, ORDINARY_WEIGHT * Math.min(1, set.weight()), bag);
                }
            });
        }
        addAnswers(rows);
        return rows;
    }

    private void addAnswers(FitRows rows) {
        for (AnsweredAlarm each : answers) {
            float[] quantities = new float[each.quantities().size()];
            for (int i = 0; i < quantities.length; i++) {
                quantities[i] = each.quantities().get(i);
            }
            double weight = answerWeight * (each.meant() ? 1 : kindWeight(each.kind()));
            rows.add(quantities, !each.meant(), (float) weight, rows.newBag(each.meant() ? "" : each.kind()));
        }
    }

    /** Every kind counts alike in the end, so the ones that are hard to see weigh more. */
    private static double kindWeight(String kind) {
        return switch (kind) {
            case "night" -> 2.0;
            case "burst", "leak" -> 1.3;
            case "app", "zone" -> 1.0;
            // Kinds of the perturbed sets that can hardly be told from heavy days must not pull ordinary days up.
            case "hotspot" -> 0.1;
            case "dayleak", "irrburst" -> 0.3;
            default -> 0.6;
        };
    }

    private TreeModel[] kinds(List<FitSet> sets, Population population, float[][] edges, TreeModel alarm)
            throws IOException {
        TreeModel[] models = new TreeModel[Weights.KINDS];
        FitRows rows = new FitRows(edges);
        for (FitSet set : sets) {
            if (set.unclassified()) {
                continue;
            }
            Map<String, List<FitSet.Episode>> episodes = set.episodes();
            RandomGenerator random = new SplittableRandom(9);
            set.stream(population, null, (subscription, state, record) -> {
                FitSet.Episode episode = inside(episodes.get(subscription), record);
                if (episode != null && known(episode.kind)) {
                    double weight = episode.weight(record.eventEndEpochSeconds());
                    if (random.nextDouble() < Math.min(1, set.keep() * 2)
                            && alarm.sum(state.features) > threshold - 1) {
                        if (episode.bag < 0) {
                            episode.bag = rows.newBag(episode.kind);
                        }
                        rows.add(state.features, true, (float) (set.weight() * weight), episode.bag);
                    }
                }
            });
        }
        for (int k = 0; k < Weights.KINDS; k++) {
            String word = DrainKind.at(k).word();
            for (int i = 0; i < rows.rows; i++) {
                rows.drain[i] = rows.bags.get(rows.bag[i]).equals(word);
            }
            models[k] = new TreeTrainer(rows, new SplittableRandom(k), KIND_DEPTH, KIND_RATE, 0.7, 0.6)
                    .trainEven(KIND_TREES);
        }
        progress.accept("kinds fitted on " + rows.rows + " records");
        return models;
    }

    private static boolean known(String kind) {
        for (int k = 0; k < Weights.KINDS; k++) {
            if (DrainKind.at(k).word().equals(kind)) {
                return true;
            }
        }
        return false;
    }
}
