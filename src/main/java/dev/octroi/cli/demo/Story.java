package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Plays the steps in order and tells each as one line. A step that fails does not keep the later ones from trying. */
final class Story {
    private final PrintWriter out;
    private final boolean json;

    Story(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** Returns the results of all steps. */
    List<Result> tell(List<Step> steps, World world) {
        List<Result> results = new ArrayList<>();
        for (Step step : steps) {
            Result result = play(step, world);
            results.add(result);
            print(results.size(), result);
        }
        return results;
    }

    private static Result play(Step step, World world) {
        long started = System.nanoTime();
        try {
            String detail = step.play(world);
            return new Result(step.name(), true, millisSince(started), detail);
        } catch (Exception e) {
            String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            if (Boolean.getBoolean("octroi.stacktrace")) {
                e.printStackTrace();
            }
            return new Result(step.name(), false, millisSince(started), message);
        }
    }

    private void print(int number, Result result) {
        if (json) {
            ObjectNode line = ApiClient.JSON.createObjectNode();
            line.put("step", result.step());
            line.put("ok", result.ok());
            line.put("ms", result.ms());
            line.put("detail", result.detail());
            out.println(line);
        } else {
            out.printf(
                    "%2d  %-4s %-18s %6d ms  %s%n",
                    number, result.ok() ? "ok" : "FAIL", result.step(), result.ms(), result.detail());
        }
        out.flush();
    }

    private static long millisSince(long started) {
        return (System.nanoTime() - started) / 1_000_000;
    }
}
