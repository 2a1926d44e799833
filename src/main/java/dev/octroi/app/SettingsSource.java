package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The raw values that settings are read from, later layers over earlier ones: a YAML file, the environment
 * ({@code OCTROI_DATABASE_URL} for {@code database.url}), and {@code --set key=value}. Defaults stand beside each key
 * in {@link Settings}.
 */
public final class SettingsSource {
    private static final String PREFIX = "OCTROI_";
    private static final String LOG_LEVEL = "OCTROI_LOG_LEVEL";
    /** Logback takes every other word for DEBUG. */
    private static final List<String> LEVELS = List.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");
    /** Variables of the launcher, which are no settings. */
    private static final Set<String> RESERVED = Set.of(LOG_LEVEL, "OCTROI_JAVA_OPTS", "OCTROI_HEAP");
    /** Where a Service is, as Kubernetes tells every container beside it. */
    private static final Pattern SERVICE_NAME =
            Pattern.compile("OCTROI_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_.+)?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

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
            } else if (root != null && !root.isMissingNode() && !root.isNull()) {
                throw new SettingsException("the configuration file " + path + " wants keys with values");
            }
            return this;
        } catch (IOException e) {
            throw new SettingsException("cannot read the configuration file " + path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Adds all variables that begin with {@code OCTROI_}, but for those that Kubernetes puts there where a Service has such a name.
     *
     * @throws SettingsException when the level of logs is none
     */
    public SettingsSource environment(Map<String, String> environment) {
        String level = environment.getOrDefault(LOG_LEVEL, "INFO");
        if (!LEVELS.contains(level.toUpperCase(Locale.ROOT))) {
            throw new SettingsException(LOG_LEVEL + " wants one of " + LEVELS + ", not \"" + level + "\"");
        }
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !RESERVED.contains(name) && !isOfAService(name, value)) {
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

    /** Nothing behind a key is no value: the default holds. A list is its values with commas, as on the command line. */
    private void flatten(String path, JsonNode node) {
        node.properties().forEach(entry -> {
            String key = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            JsonNode value = entry.getValue();
            if (value.isObject()) {
                flatten(key, value);
            } else if (value.isArray()) {
                values.put(normalise(key), list(key, value));
            } else if (!value.isNull()) {
                values.put(normalise(key), value.asText());
            }
        });
    }

    private static String list(String key, JsonNode array) {
        List<String> found = new ArrayList<>();
        for (JsonNode each : array) {
            if (!each.isValueNode() || each.isNull() || each.asText().contains(",")) {
                throw new SettingsException("setting " + key + " wants a list of single values without commas");
            }
            found.add(each.asText());
        }
        return String.join(",", found);
    }

    private static boolean isOfAService(String name, String value) {
        return SERVICE_NAME.matcher(name).matches()
                || (name.endsWith("PORT") && SERVICE_ADDRESS.matcher(value).matches());
    }

    static String normalise(String key) {
        return key.strip().toLowerCase(Locale.ROOT);
    }
}
