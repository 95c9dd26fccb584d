"""The corpora that the lab knows by name: those that ship, and those it can fetch."""

from __future__ import annotations

from dataclasses import dataclass

_CHAR_RNN = "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/"
_CHAR_RNN_PYTORCH = (
    "https://raw.githubusercontent.com/nikhilbarhate99/Char-RNN-PyTorch/master/data/"
)
_SEQUENCE_MODELS = "https://raw.githubusercontent.com/chadlohrli/sequence-models/master/data/"
_NAMES = "https://raw.githubusercontent.com/spro/practical-pytorch/master/data/names/"


@dataclass(frozen=True)
class Shipped:
    """A corpus of our own that stands in the data folder."""

    name: str
    title: str
    description: str
    file: str
    is_list: bool = False
    source: str = "written for RNN Lab"
    licence: str = "MIT"


@dataclass(frozen=True)
class RemoteFile:
    """One file to fetch and what it must be."""

    path: str  # inside the download folder, and inside RNNLAB_CORPORA
    address: str
    sha256: str
    size: int  # bytes


@dataclass(frozen=True)
class Remote:
    """A corpus that is fetched once and never shipped."""

    name: str
    title: str
    description: str
    licence: str
    characters: int  # of the corpus as it is loaded
    files: tuple[RemoteFile, ...]
    is_list: bool = False
    labelled: bool = False  # each file is one label, called like the file

    @property
    def source(self) -> str:
        """The address of the only file, or of the folder of them."""
        address = self.files[0].address
        return address if len(self.files) == 1 else address.rsplit("/", 1)[0] + "/"


SHIPPED = (
    Shipped(
        "play",
        "The play",
        "An original play in English: speakers in capitals, stage directions, quoted speech, "
        "verse and prose.",
        "play.txt",
    ),
    Shipped(
        "dinosaurs",
        "Dinosaurs",
        "Several hundred dinosaur genera in lower case, one a line.",
        "dinosaurs.txt",
        is_list=True,
    ),
)

_LANGUAGES = (  # name, sha256, bytes
    ("Arabic", "6f424a8dbe51cbbbabab7a57d38b617210125e4e3991f3c657cb79b8f104bafc", 13190),
    ("Chinese", "09ba8f1f7e38dbc99372d461b26ad4433b811fc6bfa6a3ecca6fe11a9a777465", 1246),
    ("Czech", "e17ab0ec47616a72c39cb85c783f70c3663ab64488721e5d8378f146d2226be7", 3916),
    ("Dutch", "924f32b635170eae561f84538632138fc07d4c8bbd70ba3fb980de1ecc4d2af3", 2351),
    ("English", "9cca037066d3d5989e24bc01801416162de506b5e28e15b7c092a47905d29bf2", 27125),
    ("French", "81e65b36c60ed5b89a17422f6edcadbb89546f38ad69e960e64e7ba682012a95", 2178),
    ("German", "7449cd590b97a733e18d613a4155decd77ec35dc5f8aadd7a82204dce4f051db", 5610),
    ("Greek", "3555b5186de7f401e6d991b088e9e644ca3099116477818c25ab5793801389e6", 1981),
    ("Irish", "cf8c7013256252a88d2503127b87282a11f21b2ff6db1bded68834c19a1ec058", 1858),
    ("Italian", "f88414c27d0606a11a678b4859277828c2565d6cc4d9ee932deef6e94f3b35e4", 5657),
    ("Japanese", "e0e717e114fec3e7eade4d9dabe0067c475f43147e36a22b47902ee76ad9e67f", 7622),
    ("Korean", "cd54221ccb362a6cba4c78828838cf3268a0e59744767a37cf6ec4b74036b136", 423),
    ("Polish", "45bab898af2f60ed3a728bbf6980e28821011a7caa53227553b5785903a40826", 1165),
    ("Portuguese", "50a8735f41f4f73757c8ce5b16cb0275cd86b2b214bcbc8c9805f508cb131c53", 554),
    ("Russian", "0cfe53ac18041e8f63666aa77313e0a3ff378facb132abee052d8ebdc8c3d62c", 85168),
    ("Scottish", "78d0252711d87d948ea86fe34826c51d2d794a8e52d15b5d6f7b6244d45d62dd", 752),
    ("Spanish", "1bcb462ed3316756a85781d68232bddae04498fdddd5d9219c53fd1fbdeba7a7", 2284),
    ("Vietnamese", "f3f9e4164ab47601178a6e45b216464a64122f49d05541f24bf18a757253281d", 339),
)

REMOTE = (
    Remote(
        "tiny-shakespeare",
        "Tiny Shakespeare",
        "40,000 lines from Shakespeare's plays, the usual first text of a character RNN.",
        "public domain",
        1_115_394,
        (
            RemoteFile(
                "tinyshakespeare.txt",
                _CHAR_RNN + "input.txt",
                "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
                1_115_394,
            ),
        ),
    ),
    Remote(
        "shakespeare",
        "Shakespeare",
        "A larger selection of Shakespeare's plays; begins with Coriolanus.",
        "public domain",
        3_801_089,
        (
            RemoteFile(
                "shakespeare.txt",
                _CHAR_RNN_PYTORCH + "shakespeare.txt",
                "b178735ce2627f9a72a33a5581111e0576ba81dc15a760569b21f84f26ca3ed4",
                3_801_089,
            ),
        ),
    ),
    Remote(
        "sherlock",
        "Sherlock Holmes",
        "All novels and stories by Arthur Conan Doyle about Sherlock Holmes; full of quotation "
        "marks.",
        "public domain",
        3_010_866,
        (
            RemoteFile(
                "sherlock.txt",
                _CHAR_RNN_PYTORCH + "sherlock.txt",
                "dc830e0866bd57bc42d8b3b76fc9616aa5fc2dce11b7decb2d2169d82c03d99f",
                3_011_055,
            ),
        ),
    ),
    Remote(
        "dinos",
        "Dinosaur names",
        "1,536 dinosaur names in lower case, one a line; 12 of them stand there twice.",
        "no licence stated",
        19_911,
        (
            RemoteFile(
                "dinos.txt",
                _SEQUENCE_MODELS + "dinos.txt",
                "cabf6443cd95e4c0f872a7a4b3e58faceb8bf5ab71ee76c5689db49428ec162d",
                19_910,
            ),
        ),
        is_list=True,
    ),
    Remote(
        "surnames",
        "Surnames",
        "20,050 surnames of 18 languages, one a line, each labelled with its language.",
        "MIT",
        163_246,
        tuple(
            RemoteFile(f"names/{language}.txt", f"{_NAMES}{language}.txt", sha256, size)
            for language, sha256, size in _LANGUAGES
        ),
        is_list=True,
        labelled=True,
    ),
)
