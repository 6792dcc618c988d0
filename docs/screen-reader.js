// Bundled by `make audit` and put into pages, where tests/screen_reader.py asks it what it would say.
import { virtual } from "@guidepup/virtual-screen-reader";
window.virtual = virtual;
