package dev.octroi.rsp.euicc;

import java.time.Duration;
import java.util.List;

/**
 * A download that worked.
 *
 * @param iccid the profile that is on the card now
 * @param steps what was done, in order
 */
public record DownloadReport(String iccid, String serviceProvider, String profileName, List<Step> steps) {

    public DownloadReport {
        steps = List.copyOf(steps);
    }

    /**
     * One step.
     *
     * @param name the function of ES9+ or ES10b
     * @param took how long, network included
     * @param detail what was observed
     */
    public record Step(String name, Duration took, String detail) {}

    /** Hides the number of the profile. */
    @Override
    public String toString() {
        return "DownloadReport[%s, %s, %d steps]".formatted(serviceProvider, profileName, steps.size());
    }
}
