package drover.engine.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypesTest {

    @ParameterizedTest
    @CsvSource({
        "index.html, text/html; charset=utf-8",
        "A.HTML, text/html; charset=utf-8",
        "a.b.js, text/javascript; charset=utf-8",
        "style.css, text/css; charset=utf-8",
        "data.json, application/json",
        "logo.svg, image/svg+xml",
        "photo.jpeg, image/jpeg",
        "font.woff2, font/woff2",
        "module.wasm, application/wasm",
        "letter.docx, application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "package.deb, application/vnd.debian.binary-package",
        "key.sig, application/pgp-signature",
        "README, application/octet-stream",
        "html, application/octet-stream",
        "odd.xyzzy, application/octet-stream",
    })
    void a_file_has_the_type_of_its_extension(String name, String type) {
        assertThat(MediaTypes.of(name)).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
        "a.html, true",
        "a.css, true",
        "a.js, true",
        "a.json, true",
        "a.svg, true",
        "a.rss, true",
        "a.wasm, true",
        "a.ttf, true",
        "a.woff2, false",
        "a.png, false",
        "a.zip, false",
        "a.gz, false",
        "a, false"
    })
    void text_is_worth_compressing(String name, boolean worth) {
        assertThat(MediaTypes.isCompressible(MediaTypes.of(name))).isEqualTo(worth);
    }
}
