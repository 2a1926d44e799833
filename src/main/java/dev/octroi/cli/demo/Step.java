package dev.octroi.cli.demo;

/** One step of the story. */
interface Step {
    /** A word or two, shown in front of the line. */
    String name();

    /**
     * Plays the step against the gateway.
     *
     * @return one line that says what was observed, with figures
     * @throws NotObserved when something else happened
     * @throws Exception when a client failed
     */
    String play(World world) throws Exception;
}
