package dev.octroi.catalog;

/**
 * One line of a tariff label for people.
 *
 * @param title what it is about
 * @param text the fact in a sentence
 */
public record LabelLine(String title, String text) {}
