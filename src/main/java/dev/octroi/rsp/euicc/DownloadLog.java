package dev.octroi.rsp.euicc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The steps of one download with their times, told as they happen. */
final class DownloadLog {
    private final Consumer<String> beforeStep;
    private final Consumer<DownloadReport.Step> afterStep;
    private final List<DownloadReport.Step> steps = new ArrayList<>();
    private long stepStartNanos = System.nanoTime();

    DownloadLog(Consumer<String> beforeStep, Consumer<DownloadReport.Step> afterStep) {
        this.beforeStep = beforeStep;
        this.afterStep = afterStep;
    }

    void begin(String name) {
        beforeStep.accept(name);
    }

    void done(String name, String detail) {
        long now = System.nanoTime();
        DownloadReport.Step step = new DownloadReport.Step(name, Duration.ofNanos(now - stepStartNanos), detail);
        steps.add(step);
        stepStartNanos = now;
        afterStep.accept(step);
    }

    List<DownloadReport.Step> steps() {
        return steps;
    }
}
