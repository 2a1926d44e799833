package dev.octroi.cli;

import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest, or "development" when classes run unpacked. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"octroi " + (version == null ? "development" : version)};
    }
}
