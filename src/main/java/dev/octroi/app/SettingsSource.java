package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The raw values that settings are read from, later layers over earlier ones: a YAML file, the environment
 * ({@code OCTROI_DATABASE_URL} for {@code database.url}), and {@code --set key=value}. Defaults stand beside each key
 * in {@link Settings}.
 */
public final class SettingsSource {
    private static final String PREFIX = "OCTROI_";
    /** Variables of the launcher, which are no settings. */
    private static final java.util.Set<String> RESERVED =
            java.util.Set.of("OCTROI_LOG_LEVEL", "OCTROI_JAVA_OPTS", "OCTROI_HEAP");

    private final Map<String, String> values = new TreeMap<>();

    /** No value at all: everything at its default. */
    public static SettingsSource empty() {
        return new SettingsSource();
    }

    /**
     * Adds the values of a YAML file, nested or dotted.
     *
     * @throws SettingsException when the file cannot be read
     */
    public SettingsSource file(Path path) {
        requireNonNull(path, "path is null");
        try {
            JsonNode root = new YAMLMapper().readTree(path.toFile());
            if (root != null && root.isObject()) {
                flatten("", root);
            }
            return this;
        } catch (IOException e) {
            throw new SettingsException("cannot read the configuration file " + path + ": " + e.getMessage(), e);
        }
    }

    /** Adds all variables that begin with {@code OCTROI_}. */
    public SettingsSource environment(Map<String, String> environment) {
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !RESERVED.contains(name)) {
                values.put(normalise(name.substring(PREFIX.length()).replace('_', '.')), value);
            }
        });
        return this;
    }

    /** Adds one {@code key=value}. */
    public SettingsSource set(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new SettingsException("--set wants key=value, not \"" + assignment + "\"");
        }
        return set(assignment.substring(0, equals), assignment.substring(equals + 1));
    }

    /** Adds one value. */
    public SettingsSource set(String key, String value) {
        values.put(normalise(key), value);
        return this;
    }

    /** The value of a key, or null. Keys compare without regard to case, because environment variables have none. */
    @Nullable
    String get(String key) {
        return values.get(normalise(key));
    }

    Iterable<String> keys() {
        return values.keySet();
    }

    private void flatten(String path, JsonNode node) {
        node.properties().forEach(entry -> {
            String key = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            if (entry.getValue().isObject()) {
                flatten(key, entry.getValue());
            } else {
                values.put(normalise(key), entry.getValue().asText());
            }
        });
    }

    static String normalise(String key) {
        return key.strip().toLowerCase(Locale.ROOT);
    }
}
