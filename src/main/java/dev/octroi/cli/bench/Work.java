package dev.octroi.cli.bench;

/** What is measured. */
interface Work {
    void run() throws Exception;
}
