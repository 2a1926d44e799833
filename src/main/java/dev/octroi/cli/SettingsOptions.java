package dev.octroi.cli;

import dev.octroi.app.Settings;
import dev.octroi.app.SettingsSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that reads the gateway's settings. */
public final class SettingsOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings.")
    private @Nullable Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting; wins over file and environment. May be repeated.")
    private List<String> assignments = new ArrayList<>();

    /** Defaults, then the file, then the environment, then {@code --set}. */
    public Settings load() {
        SettingsSource source = SettingsSource.empty();
        if (config != null) {
            source.file(config);
        }
        source.environment(System.getenv());
        assignments.forEach(source::set);
        return Settings.load(source);
    }
}
