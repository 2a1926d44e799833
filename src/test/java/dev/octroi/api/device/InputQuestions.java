package dev.octroi.api.device;

import java.util.Map;

/** Everything that the functions of ES9+ ask of a request. */
final class InputQuestions {
    private static final Map<String, Integer> ELEMENTS = Map.of(
            "euiccInfo1", 0xBF20,
            "authenticateServerResponse", 0xBF38,
            "prepareDownloadResponse", 0xBF21,
            "cancelSessionResponse", 0xBF41,
            "pendingNotification", 0);

    private InputQuestions() {}

    private interface Question {
        Object ask() throws Es9InputException;
    }

    static void askAll(Es9Input input) {
        attempt(input::transactionId);
        attempt(input::challenge);
        attempt(input::address);
        ELEMENTS.forEach((name, tag) -> attempt(() -> input.element(name, tag).children()));
    }

    private static void attempt(Question question) {
        try {
            question.ask();
        } catch (Es9InputException declared) {
            // The declared failure.
        }
    }
}
