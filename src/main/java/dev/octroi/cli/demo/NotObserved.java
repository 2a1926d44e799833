package dev.octroi.cli.demo;

/** What a step wanted to observe did not happen. */
final class NotObserved extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotObserved(String message) {
        super(message);
    }
}
