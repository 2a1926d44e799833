package dev.octroi.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A mail server that answers recipients as a test says. */
final class ScriptedSmtp implements AutoCloseable {
    private final ServerSocket listener;
    private final UnaryOperator<String> recipients;
    private volatile boolean silent;
    private final List<String> messages = new CopyOnWriteArrayList<>();

    /** @param recipients what to answer to a line {@code RCPT TO:…} */
    ScriptedSmtp(UnaryOperator<String> recipients) throws IOException {
        this.recipients = recipients;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** From now on messages are taken without a word. */
    void fallSilent() {
        silent = true;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** What was taken, each with its recipient in the header. */
    List<String> messages() {
        return messages;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void serve(Socket client) {
        try (client;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
            OutputStream out = client.getOutputStream();
            say(out, "220 scripted");
            String line = in.readLine();
            while (line != null) {
                if (line.startsWith("EHLO")) {
                    say(out, "250 scripted");
                } else if (line.startsWith("RCPT")) {
                    say(out, recipients.apply(line));
                } else if (line.equals("DATA")) {
                    say(out, "354 go on");
                    messages.add(body(in));
                    if (!silent) {
                        say(out, "250 taken");
                    }
                } else if (line.equals("QUIT")) {
                    say(out, "221 bye");
                    return;
                } else {
                    say(out, "250 ok");
                }
                line = in.readLine();
            }
        } catch (IOException e) {
            // The client went away.
        }
    }

    private static String body(BufferedReader in) throws IOException {
        StringBuilder body = new StringBuilder();
        String line = in.readLine();
        while (line != null && !line.equals(".")) {
            body.append(line).append('\n');
            line = in.readLine();
        }
        return body.toString();
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
