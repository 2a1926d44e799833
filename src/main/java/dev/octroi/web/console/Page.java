package dev.octroi.web.console;

/**
 * What one request shows.
 *
 * @param status of the answer
 * @param title of the page, also its heading
 * @param path the tab that it belongs to
 * @param live whether it loads itself again
 * @param draws whether it draws a chart with the scripts of {@link ConsoleAssets}
 * @param main what stands below the heading, as markup
 */
record Page(int status, String title, String path, boolean live, boolean draws, String main) {
    /** A page that loads itself again every ten seconds. */
    static Page live(String title, String path, String main) {
        return new Page(200, title, path, true, false, main);
    }

    /** As {@link #live}, with a chart. */
    static Page drawn(String title, String path, String main) {
        return new Page(200, title, path, true, true, main);
    }

    /** A page that only says something. */
    static Page message(int status, String title, String sentence) {
        return new Page(status, title, "", false, false, "<section class=card><p>" + sentence + "</p></section>");
    }
}
