package dev.latchkey.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvReportTest {

    @Test
    void theFileIsPinned() {
        assertEquals("""
                rule,severity,credential_id,credential_kind,name,display,message,remedy,evidence\r
                never_used,medium,01a1fe77-0f60-7000-a1b2-c3d4e5f60718,api_token,Zoë's 🤖,lk_live_k3Pz,\
                Made 12 days ago and never used,"Revoke it, unless it is about to be used.",\
                "created_at: 2026-11-09T12:00:00Z; scopes: [a:b, c:d]"\r
                """, CsvReport.of(SampleReport.named("Zoë's 🤖")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            quoteCharacter = '`',
            value = {
                "=1+1 -> '=1+1",
                "+1 -> '+1",
                "-1 -> '-1",
                "@SUM(A1) -> '@SUM(A1)",
                "=cmd|' /C calc'!A0 -> '=cmd|' /C calc'!A0",
                "=HYPERLINK(\"http://x\",\"y\") -> \"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"",
                "＝1+1 -> '＝1+1",
                "a=1 -> a=1",
                "a;=1+1 -> a;'=1+1",
                "a,b -> \"a,b\"",
                "say \"hi\" -> \"say \"\"hi\"\"\"",
            })
    void aNameIsNeverAFormulaAndNeverLeavesItsCell(String name, String cell) {
        assertEquals(cell, nameCell(name));
    }

    @Test
    void controlCharactersThatANameMayNotHaveWouldDoNoHarmEither() {
        assertEquals("'\t=1", nameCell("\t=1"));
        assertEquals("\"'\r=1\"", nameCell("\r=1"));
        assertEquals("\"'\n=1\"", nameCell("\n=1"));
        assertEquals("", nameCell(""));
    }

    private static String nameCell(String name) {
        var csv = CsvReport.of(SampleReport.named(name));
        var start = csv.indexOf("api_token,") + "api_token,".length();
        return csv.substring(start, csv.indexOf(",lk_live_k3Pz", start));
    }
}
