/** Each language that has symbols, by its usual words. */
import { expect, test } from 'vitest';
import { facts, symbols, uses } from '../codebase-rig.ts';

test('Python: classes, protocols, what is public, and routes', async () => {
  const found = await facts(
    'python',
    `import os, shop.core
from .base import Repository as Repo, helper
class Users(Repo, metaclass=ABCMeta): pass
class Port(Protocol): pass
class Shape:
    @abstractmethod
    def area(self): ...
    def hidden_here(self): ...
LIMIT: int = 3
_private = 1
@app.get("/users")
async def list_users(): return os.environ["DATABASE_URL"], os.getenv("PORT"), os.environ.get("HOST")
@router.route("/users", methods=["POST", "PUT"])
def make(): pass
def _own(): pass
urlpatterns = [path("orders/<int:id>/", view), path("api/", include("api.urls"))]`,
  );
  expect(symbols(found)).toEqual([
    'abstract_class Users: Repo',
    'interface Port: Protocol',
    'abstract_class Shape',
    'constant LIMIT',
    'endpoint GET /users',
    'function list_users',
    'endpoint POST /users',
    'endpoint PUT /users',
    'function make',
    'endpoint * /orders/<int:id>',
  ]);
  expect(uses(found)).toEqual(['os *', 'shop.core *', '.base Repository,helper']);
  expect(found.environment).toEqual(['DATABASE_URL', 'PORT', 'HOST']);
});

test('Python: `__all__` says what is public', async () => {
  expect(symbols(await facts('python', "__all__ = ['_shown']\ndef _shown(): pass\ndef kept(): pass\nclass Kept: pass"))).toEqual(['function _shown', '-class Kept']);
});

test('Go: types, embedded ones, methods and handlers', async () => {
  const found = await facts(
    'go',
    `package shop
import ("net/http"; core "example.com/shop/internal/core")
type Store struct { core.Database; name string }
type Reader interface { Read() error }
type ID = string
const Limit = 3
var hidden = 1
func New() *Store { return core.Open(os.Getenv("DSN")) }
func (s *Store) Read() error { return nil }
func serve(mux *http.ServeMux, r *gin.Engine, m *mux.Router) {
	mux.HandleFunc("POST /a", h); r.GET("/b/:id", h); m.HandleFunc("/c", h).Methods("GET", http.MethodPut); client.Get("/no", x)
}`,
  );
  expect(symbols(found)).toEqual(['class Store: Database', 'interface Reader', 'type ID', 'constant Limit', 'function New', 'endpoint POST /a', 'endpoint GET /b/:id', 'endpoint GET /c', 'endpoint PUT /c']);
  expect(found.methods).toEqual([
    { owner: 'Reader', names: ['Read'] },
    { owner: 'Store', names: ['Read'] },
  ]);
  expect(uses(found)).toEqual(['net/http ServeMux,MethodPut', 'example.com/shop/internal/core Database,Open']);
  expect(found.environment).toEqual(['DSN']);
});

test('Java: classes, what is nested, and controllers', async () => {
  const found = await facts(
    'java',
    `package shop.web;
import shop.core.Base;
import static shop.core.Names.join;
import shop.data.*;
@RestController @RequestMapping("/api")
public abstract class Users<T> extends Base<T> implements Closer, Reader {
  public static final int LIMIT = 1;
  @GetMapping("/users/{id}") public User one() { return System.getenv("DSN"); }
  @RequestMapping(value = "/users", method = RequestMethod.POST) void make() {}
  public static class Builder {}
  class Hidden {}
}
interface Port extends Reader {}
public enum State { OPEN }
public record Point(int x) implements Reader {}`,
  );
  expect(symbols(found)).toEqual([
    'abstract_class Users: Base, Closer, Reader',
    'constant LIMIT',
    'endpoint GET /api/users/{id}',
    'endpoint POST /api/users',
    'class Builder',
    '-class Hidden',
    '-interface Port: Reader',
    'type State',
    'class Point: Reader',
  ]);
  expect(uses(found)).toEqual(['shop.core Base,Names', 'shop.data *']);
  expect({ module: found.module, environment: found.environment }).toEqual({ module: 'shop.web', environment: ['DSN'] });
});

test('Java: JAX-RS', async () => {
  expect(symbols(await facts('java', '@Path("/users") public class Users { @GET @Path("{id}") public void one() {} @DELETE public void all() {} }'))).toEqual(['class Users', 'endpoint GET /users/{id}', 'endpoint DELETE /users']);
});

test('Rust: items, traits that are implemented, and routes', async () => {
  const found = await facts(
    'rust',
    `use crate::store::{Store, open as begin};
pub use self::errors::Failure;
pub trait Reader: Closer {}
pub struct File;
enum Hidden { A }
pub fn read() {}
fn own() {}
pub const LIMIT: u8 = 1;
impl Reader for File {}
impl<T> fmt::Display for shop::Page<T> {}
#[get("/users")] async fn users() { env::var("PORT"); }
fn app() { Router::new().route("/a", get(show).post(make)); }
mod tests { pub struct Ignored; }`,
  );
  expect(symbols(found)).toEqual(['interface Reader: Closer', 'class File', '-type Hidden', 'function read', 'constant LIMIT', 'endpoint GET /users', 'endpoint GET /a', 'endpoint POST /a']);
  expect(found.implementations).toEqual([
    { name: 'File', base: 'Reader' },
    { name: 'Page', base: 'Display' },
  ]);
  expect(uses(found)).toEqual(['crate::store Store,open', 'self::errors Failure']);
  expect(found.exports).toEqual([{ as: 'Failure', name: 'Failure', from: 'self::errors' }]);
  expect(found.environment).toEqual(['PORT']);
});

test('Ruby: classes, mixins, and what the environment is asked for', async () => {
  const found = await facts(
    'ruby',
    `module Shop
  class Order < ApplicationRecord
    include Payable
    LIMIT = 3
    def total; end
  end
  module Payable
    def pay; ENV['KEY']; ENV.fetch('SECRET'); end
  end
end`,
  );
  expect(symbols(found)).toEqual(['class Order: ApplicationRecord, Payable', 'constant LIMIT', 'interface Payable']);
  expect(found.environment).toEqual(['KEY', 'SECRET']);
  expect(found.mentions).toContain('ApplicationRecord');
});

test('Ruby: routes of Rails with what lies around them', async () => {
  const found = await facts(
    'ruby',
    `Rails.application.routes.draw do
  get '/health', to: 'health#show'
  namespace :api do
    resources :users, only: %i[index show] do
      post :ban, on: :member
      resources :posts, only: :create
    end
    resource :session, except: [:update]
  end
end`,
  );
  expect(symbols(found).map((line) => line.replace('endpoint ', ''))).toEqual([
    'GET /health',
    'GET /api/users',
    'GET /api/users/:id',
    'POST /api/users/:id/ban',
    'POST /api/users/:user_id/posts',
    'POST /api/session',
    'GET /api/session',
    'DELETE /api/session',
  ]);
});

test('HTML and CSS: what they load, and what a style sheet defines for all', async () => {
  expect(uses(await facts('html', '<html><head><link rel="stylesheet" href="main.css"><script src="/app.js"></script></head></html>'))).toEqual(['main.css *', '/app.js *']);
  const css = await facts('css', '@import "base.css";\n:root { --brand: red; }\n.card { --inner: 1px; }');
  expect({ uses: uses(css), symbols: symbols(css) }).toEqual({ uses: ['base.css *'], symbols: ['constant --brand'] });
});

test('a syntax error is told, and what stands around it is known', async () => {
  const found = await facts('typescript', 'export class Kept {}\nexport const = = ;\nexport class AlsoKept {}');
  expect(symbols(found)).toEqual(expect.arrayContaining(['class Kept', 'class AlsoKept']));
  expect(found.fault).toEqual({ message: expect.stringContaining('syntax error'), line: 2 });
});
