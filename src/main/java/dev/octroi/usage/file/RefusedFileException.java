package dev.octroi.usage.file;

/** Nothing of a file can be counted; the message is one sentence that says why. */
final class RefusedFileException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedFileException(String sentence) {
        super(sentence, null, false, false);
    }
}
