package dev.latchkey.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.crypto.Digests;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class HtmlReportTest {

    @Test
    void aNameIsTextAndNeverMarkup() {
        var page = HtmlReport.of(SampleReport.named("<script>alert(1)</script>\"onload='x'&amp;%s$1\\"));
        assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;onload=&#39;x&#39;&amp;amp;%s$1\\<br>"));
        assertFalse(page.contains("<script"));
    }

    @Test
    void thePageAllowsItselfNothingButItsOwnStyle() {
        var page = HtmlReport.of(SampleReport.named("a"));
        var style = page.substring(page.indexOf("<style>") + "<style>".length(), page.indexOf("</style>"));
        var hash = Base64.getEncoder().encodeToString(Digests.sha256(style));
        assertTrue(page.contains("content=\"default-src 'none'; style-src 'sha256-" + hash + "'\""));
        assertFalse(page.contains("src=") || page.contains("href=") || page.contains("url("));
    }

    @Test
    void thePageSaysHowManyFindingsItLeavesOut() {
        var page = HtmlReport.of(SampleReport.named("a"));
        assertTrue(page.contains("Findings: 0 high, 2 medium, 0 low, 0 info. The 1 least severe are left out here."));
        assertEquals(1, page.split("<tr><td", -1).length - 1);
    }
}
