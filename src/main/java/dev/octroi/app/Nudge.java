package dev.octroi.app;

/** Wakes the dispatcher after a commit. Exists before the dispatcher does, because those who nudge are made first. */
final class Nudge implements Runnable {
    private volatile Runnable target = () -> {};

    /** From now on nudges go there. */
    void to(Runnable newTarget) {
        this.target = newTarget;
    }

    @Override
    public void run() {
        target.run();
    }
}
