package dev.octroi.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.rsp.euicc.CardLock;
import dev.octroi.rsp.euicc.LpaException;
import dev.octroi.rsp.euicc.StoredCard;
import dev.octroi.rsp.euicc.VirtualEuicc;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What all commands about the virtual eUICC have in common: the card's file and how to print. */
final class EuiccOptions {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Option(
            names = "--card",
            paramLabel = "FILE",
            description = "File of the card (default: euicc.json in the data folder of the gateway, var).")
    private @Nullable Path card;

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    /** Something that a command does; gives the exit code. */
    interface Work {
        int run() throws IOException, LpaException;
    }

    /** The data folder that {@code octroi serve} has with the same settings. */
    Path dataFolder() {
        return settings.load().dataDirectory();
    }

    Path file() {
        return card == null ? dataFolder().resolve("euicc.json") : card;
    }

    /** Does the work; a failure gives 1 and, with {@code --json}, an object that says why. */
    int run(Work work) throws IOException {
        try {
            return work.run();
        } catch (LpaException e) {
            return failed(e);
        } catch (IOException e) {
            if (json) {
                print("", object().put("ok", false).put("source", "file").put("message", e.getMessage()));
                return 1;
            }
            throw e;
        }
    }

    /** Keeps other commands from the card. */
    CardLock lock() throws IOException {
        Path file = file();
        if (!Files.exists(file)) {
            throw noCard(file);
        }
        return CardLock.of(file);
    }

    VirtualEuicc load() throws IOException {
        Path file = file();
        try {
            return new VirtualEuicc(StoredCard.read(file), InstantSource.system(), new SecureRandom());
        } catch (NoSuchFileException e) {
            throw noCard(file);
        } catch (IllegalArgumentException e) {
            throw new IOException("not the state of a card, or damaged: %s (%s)".formatted(file, e.getMessage()), e);
        }
    }

    private static IOException noCard(Path file) {
        return new IOException("no card in %s; make one with: octroi euicc new --card %s".formatted(file, file));
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Prints the sentence, or with {@code --json} the object. */
    void print(String sentence, ObjectNode object) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? object.toString() : sentence);
        out.flush();
    }

    /** Tells people something on the side; programs do not see it. */
    void remark(String sentence) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("octroi: " + sentence);
        err.flush();
    }

    private int failed(LpaException e) {
        if (json) {
            ObjectNode object = object().put("ok", false)
                    .put("source", e.source().name().toLowerCase(Locale.ROOT))
                    .put("step", e.step())
                    .put("message", e.getMessage());
            e.status().ifPresent(status -> object.put("status", status));
            print("", object);
        } else {
            remark(String.valueOf(e.getMessage()));
        }
        return 1;
    }
}
