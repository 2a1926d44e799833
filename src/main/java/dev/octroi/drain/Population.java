package dev.octroi.drain;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringTokenizer;

/**
 * What is normal for the subscriptions of each class of plan: the prior of a subscription without history. Immutable,
 * shared by all gateways; a new one is a new version.
 */
public final class Population {
    private static final String SHIPPED = "population.txt";
    private static final String HEADER = "octroi-drain-population";

    private final int version;
    private final Group[] groups;

    private Population(int version, Group[] groups) {
        this.version = version;
        this.groups = groups;
    }

    /** The population that ships with the product; good enough for a gateway with a handful of subscriptions. */
    public static Population shipped() {
        return Shipped.POPULATION;
    }

    /** Reads the text form. */
    static Population read(InputStream text) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(text, StandardCharsets.US_ASCII));
        String[] header = line(in).split(" ", 2);
        if (!header[0].equals(HEADER) || header.length < 2) {
            throw new IOException("not a population");
        }
        int version = Integer.parseInt(header[1]);
        Group[] groups = new Group[PlanClass.values().length];
        for (PlanClass plan : PlanClass.values()) {
            line(in);
            groups[plan.code()] = new Group(
                    numbers(line(in), Baseline.SIZE),
                    numbers(line(in), Baseline.SIZE),
                    numbers(line(in), Baseline.SIZE),
                    numbers(line(in), DayCurve.HOURS));
        }
        return new Population(version, groups);
    }

    /** A population that knows nothing: where fitting starts. */
    static Population blank() {
        Group[] groups = new Group[PlanClass.values().length];
        for (PlanClass plan : PlanClass.values()) {
            float[] mean = new float[Baseline.SIZE];
            float[] between = new float[Baseline.SIZE];
            float[] within = new float[Baseline.SIZE];
            float[] curve = new float[DayCurve.HOURS];
            Arrays.fill(mean, 0, Baseline.BASE, plan == PlanClass.IOT ? 13 : 20);
            Arrays.fill(mean, Baseline.BASE, Baseline.SIZE, -6);
            Arrays.fill(between, 9);
            Arrays.fill(within, 4);
            Arrays.fill(curve, -6);
            groups[plan.code()] = new Group(mean, between, within, curve);
        }
        return new Population(0, groups);
    }

    static Population of(int version, Group[] groups) {
        return new Population(version, groups.clone());
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException when it is not one
     */
    public static Population parse(String text) {
        try {
            return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new IllegalArgumentException("not the text form of a population: " + e.getMessage(), e);
        }
    }

    /** The text form. */
    public String text() {
        StringBuilder out = new StringBuilder(HEADER + " " + version + "\n");
        for (PlanClass plan : PlanClass.values()) {
            Group group = groups[plan.code()];
            out.append(plan.name().toLowerCase(Locale.ROOT)).append('\n');
            for (float[] row : new float[][] {group.mean, group.between, group.within, group.curve}) {
                for (int i = 0; i < row.length; i++) {
                    out.append(i == 0 ? "" : " ").append(String.format(Locale.ROOT, "%.3f", row[i]));
                }
                out.append('\n');
            }
        }
        return out.toString();
    }

    int version() {
        return version;
    }

    Group group(PlanClass plan) {
        return groups[plan.code()];
    }

    private static String line(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new IOException("population is cut off");
        }
        return line;
    }

    private static float[] numbers(String line, int count) throws IOException {
        StringTokenizer words = new StringTokenizer(line);
        float[] values = new float[count];
        if (words.countTokens() != count) {
            throw new IOException("population has another shape");
        }
        for (int i = 0; i < count; i++) {
            values[i] = Float.parseFloat(words.nextToken());
        }
        return values;
    }

    /** Means, variance between subscriptions, variance within one from day to day, and the usual day, log2 scale. */
    static final class Group {
        private final float[] mean;
        private final float[] between;
        private final float[] within;
        private final float[] curve;
        private final float[] pull;

        Group(float[] mean, float[] between, float[] within, float[] curve) {
            this.mean = mean.clone();
            this.between = between.clone();
            this.within = within.clone();
            this.curve = curve.clone();
            pull = new float[mean.length];
            for (int at = 0; at < pull.length; at++) {
                pull[at] = within[at] / between[at];
            }
        }

        /** How many own days weigh as much as the population. */
        float pull(int at) {
            return pull[at];
        }

        float mean(int at) {
            return mean[at];
        }

        float between(int at) {
            return between[at];
        }

        float within(int at) {
            return within[at];
        }

        float curve(int hour) {
            return curve[hour];
        }
    }

    private static final class Shipped {
        static final Population POPULATION = load();

        private static Population load() {
            try (InputStream in = Population.class.getResourceAsStream(SHIPPED)) {
                if (in == null) {
                    throw new IllegalStateException(SHIPPED + " is missing");
                }
                return read(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
