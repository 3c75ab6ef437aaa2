/** Modules whose distribution has another name. A module that is not here has the name of its distribution. */

/** `module distribution …`, the one that is meant first; the others provide the module as well. */
const TABLE = `
_pytest pytest
airflow apache-airflow
apiclient google-api-python-client
attr attrs
Bio biopython
bs4 beautifulsoup4
bson pymongo
cairo pycairo
cassandra cassandra-driver scylla-driver
community python-louvain
corsheaders django-cors-headers
Crypto pycryptodome pycrypto
Cryptodome pycryptodomex
cv2 opencv-python opencv-python-headless opencv-contrib-python opencv-contrib-python-headless
dateutil python-dateutil
debug_toolbar django-debug-toolbar
decouple python-decouple
discord discord.py py-cord
django_filters django-filter
dns dnspython
docx python-docx
dotenv python-dotenv
elftools pyelftools
engineio python-engineio
environ django-environ
faiss faiss-cpu faiss-gpu
fitz PyMuPDF
gi PyGObject
git GitPython
github PyGithub
gitlab python-gitlab
gridfs pymongo
grpc grpcio
grpc_health grpcio-health-checking
grpc_reflection grpcio-reflection
grpc_status grpcio-status
grpc_tools grpcio-tools
guardian django-guardian
haystack haystack-ai farm-haystack
hydra hydra-core
imblearn imbalanced-learn
jose python-jose
jwt PyJWT
kafka kafka-python kafka-python-ng
keycloak python-keycloak
ldap python-ldap
Levenshtein Levenshtein python-Levenshtein
llama_cpp llama-cpp-python
magic python-magic
memcache python-memcached
mpl_toolkits matplotlib
multipart python-multipart
mysql mysql-connector-python
MySQLdb mysqlclient
nacl PyNaCl
nmap python-nmap
odf odfpy
OpenGL PyOpenGL
OpenSSL pyOpenSSL
osgeo GDAL
pdfminer pdfminer.six
PIL Pillow Pillow-SIMD
pkg_resources setuptools
psycopg2 psycopg2-binary psycopg2
pylab matplotlib
pynvml nvidia-ml-py pynvml
pythoncom pywin32
pywintypes pywin32
pyximport Cython
rest_framework djangorestframework
rest_framework_simplejwt djangorestframework-simplejwt
rosetta django-rosetta
serial pyserial
skimage scikit-image
sklearn scikit-learn
skopt scikit-optimize
slugify python-slugify
snappy python-snappy
socketio python-socketio
socks PySocks
speech_recognition SpeechRecognition
stdnum python-stdnum
storages django-storages
telegram python-telegram-bot
tlz toolz
umap umap-learn
usb pyusb
vlc python-vlc
vtkmodules vtk
weaviate weaviate-client
websocket websocket-client
win32api pywin32
win32com pywin32
win32con pywin32
wx wxPython
xdist pytest-xdist
Xlib python-xlib
yaml PyYAML
zmq pyzmq
`;

/** Modules that many distributions share: what is imported below them says which one it is. */
const NAMESPACES: ReadonlySet<string> = new Set('google azure zope ruamel jaraco backports sphinxcontrib opentelemetry paste repoze plone zc'.split(' '));

/** Parts of a dotted name that distributions of a namespace are called after, at most. */
const DEPTH = 3;

/** By the dotted name below a namespace, where joining it with dashes does not give the distribution. */
const BELOW_NAMESPACES: ReadonlyMap<string, readonly string[]> = new Map([
  ['google.protobuf', ['protobuf']],
  ['google.oauth2', ['google-auth']],
  ['google.rpc', ['googleapis-common-protos']],
  ['google.type', ['googleapis-common-protos']],
  ['google.appengine', ['appengine-python-standard']],
  ['opentelemetry.trace', ['opentelemetry-api']],
  ['opentelemetry.metrics', ['opentelemetry-api']],
  ['opentelemetry.context', ['opentelemetry-api']],
  ['opentelemetry.propagate', ['opentelemetry-api']],
]);

const DISTRIBUTIONS: ReadonlyMap<string, readonly string[]> = new Map(
  TABLE.trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([module = '', ...distributions]) => [module, distributions]),
);

export const isNamespace = (module: string): boolean => NAMESPACES.has(module);

/**
 * The distributions that may provide a dotted module, the likeliest first. One may be meant by several names: a
 * project that declares any of them has what it needs.
 */
export const distributionsOf = (module: string): readonly string[] => {
  const parts = module.split('.');
  const [top = ''] = parts;
  const known = DISTRIBUTIONS.get(top);
  if (known) return known;
  if (!isNamespace(top)) return [top.replaceAll('_', '-')];
  const prefixes = parts.map((_, at) => parts.slice(0, parts.length - at).join('.'));
  return [...prefixes.flatMap((prefix) => BELOW_NAMESPACES.get(prefix) ?? []), ...prefixes.map((prefix) => prefix.replaceAll(/[._]/g, '-'))];
};

/** Of `from google.cloud import storage`: the part of the name that says which distribution it is, as far as can be told. */
export const namespaced = (module: string, name: string | undefined): string => {
  const parts = module.split('.');
  return parts.length < DEPTH && name !== undefined && /^[a-z]/.test(name) ? `${module}.${name}` : parts.slice(0, DEPTH).join('.');
};

/** Names that projects have given to the distribution of a module: enough to say that it is declared, not to install it. */
export const isLikelyProvider = (module: string, distribution: string): boolean => {
  const name = normalized(module.split('.')[0] ?? '');
  return new Set([name, `python-${name}`, `py-${name}`, `py${name}`, `${name}-python`, `${name}-py`, `django-${name}`, `flask-${name}`, `${name}-binary`, `${name}2`, `${name}3`]).has(normalized(distribution));
};

/** As package indexes compare names (PEP 503). */
export const normalized = (name: string): string => name.replaceAll(/[-_.]+/g, '-').toLowerCase();
