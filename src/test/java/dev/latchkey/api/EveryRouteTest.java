package dev.latchkey.api;

import static dev.latchkey.api.AccessMatrixTest.ROUTES;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.latchkey.platform.caller.Access;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No route is forgotten: not in the access matrix, not in the OpenAPI document, and none is without an access rule. */
@QuarkusTest
class EveryRouteTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.latchkey");

    /** Not a resource, lest it be one of the service under test; its method has all that a resource method has, but a mark. */
    static class Unmarked {
        @jakarta.ws.rs.GET
        public void nobodySaidWhoMayCallThis() {}
    }

    @Test
    void theAccessMatrixHasEveryRouteOfTheServiceAndNoOther() {
        var inTable = new TreeSet<>(ROUTES.lines()
                .skip(1)
                .map(line ->
                        AccessMatrixTest.cells(line)[0].replaceAll("\\s+", " ").replaceAll("\\{\\w+}", "{}"))
                .toList());
        assertEquals(documented(), inTable);
    }

    @Test
    void theOpenApiDocumentHasEveryResourceMethod() {
        assertEquals(resourceMethods(CLASSES).count(), documented().size());
    }

    @Test
    void everyResourceMethodSaysWhoMayCallIt() {
        assertEquals(List.of(), unmarked(resourceMethods(CLASSES)));
        var known = new ClassFileImporter().importClass(Unmarked.class).getMethods().stream();
        assertFalse(unmarked(known).isEmpty(), "a known violation was not seen");
    }

    private static TreeSet<String> documented() {
        Map<String, Map<String, Object>> paths = given().queryParam("format", "json")
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .extract()
                .path("paths");
        var routes = new TreeSet<String>();
        paths.forEach((path, operations) -> operations.keySet().stream()
                .filter(method -> List.of("get", "post", "put", "patch", "delete", "options")
                        .contains(method))
                .forEach(method -> routes.add(
                        method.toUpperCase(java.util.Locale.ROOT) + " " + path.replaceAll("\\{\\w+}", "{}"))));
        return routes;
    }

    private static Stream<JavaMethod> resourceMethods(JavaClasses classes) {
        return classes.stream()
                .filter(type -> type.isAnnotatedWith(Path.class))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isMetaAnnotatedWith(HttpMethod.class));
    }

    private static List<String> unmarked(Stream<JavaMethod> methods) {
        return methods.filter(method -> !method.isAnnotatedWith(Access.class)
                        && !method.getOwner().isAnnotatedWith(Access.class))
                .map(JavaMethod::getFullName)
                .toList();
    }
}
