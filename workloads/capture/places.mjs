// Where the files of a graph go: each package has a directory of its own, and its files lie in it as they did.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

export const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Text with the separators of URLs. */
export const slashes = (path) => path.split(sep).join('/');

/** The packages that files belong to, and the places of the files. */
export class Places {
  #project;
  #packages = new Map();
  #directories = new Set();
  #byDirectory = new Map();

  /** `project` is the directory whose own files are the application's. */
  constructor(project) {
    this.#project = project;
  }

  /** The package of a file: its root, its name and version, the directory that it is captured to, its licence. */
  packageOf(file) {
    const root = this.#rootOf(dirname(file)) ?? dirname(file);
    let known = this.#packages.get(root);
    if (!known) {
      const manifest = readManifest(root);
      const isOwn = !root.includes(`${sep}node_modules${sep}`);
      const name = isOwn && root === this.#project ? (manifest.name ?? 'app') : (manifest.name ?? root.split(sep).pop());
      const version = manifest.version ?? '0.0.0';
      const wanted = isOwn && root === this.#project ? 'app' : `${name}@${version}`;
      let directory = wanted;
      // The same package in two places is two packages, as it is for Node.
      for (let n = 2; this.#directories.has(directory); n++) directory = `${wanted}+${n}`;
      this.#directories.add(directory);
      known = { root, name, version, directory: `modules/${directory}`, license: licenseOf(manifest), isOwn };
      this.#packages.set(root, known);
    }
    return known;
  }

  /** Where a file goes, relative to the capture. */
  of(file) {
    const owner = this.packageOf(file);
    return `${owner.directory}/${slashes(relative(owner.root, file))}`;
  }

  get packages() {
    return [...this.#packages.values()].sort((a, b) => (a.directory < b.directory ? -1 : 1));
  }

  /** The nearest directory with a package.json that has a name; below node_modules, the package's own. */
  #rootOf(directory) {
    if (this.#byDirectory.has(directory)) return this.#byDirectory.get(directory);
    const manifest = existsSync(join(directory, 'package.json')) ? readManifest(directory) : undefined;
    const parent = dirname(directory);
    const isInPackages = parent.endsWith(`${sep}node_modules`) || dirname(parent).endsWith(`${sep}node_modules`);
    const isRoot =
      directory === this.#project ||
      parent === directory ||
      (manifest?.name !== undefined && (manifest.version !== undefined || isInPackages));
    // Where no package is up to the root, a directory is by itself: no path of a machine may be in a capture.
    const isNowhere = parent === directory && directory !== this.#project;
    let root = isRoot ? directory : this.#rootOf(parent);
    if (isNowhere) root = undefined;
    this.#byDirectory.set(directory, root);
    return root;
  }
}

/** A package.json, or nothing of it if it cannot be read. */
export function readManifest(directory) {
  try {
    return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  } catch {
    return {};
  }
}

/** The files with the licence of a package. */
export function licenseFiles(root) {
  const isLicense = (name) => /^(licen[cs]e|copying|notice)([.-].*)?$/i.test(name);
  const files = readdirSync(root, { withFileTypes: true });
  return files.filter((it) => it.isFile() && isLicense(it.name)).map((it) => it.name).sort();
}

function licenseOf(manifest) {
  const { license, licenses } = manifest;
  if (typeof license === 'string') return license;
  const listed = [license, licenses].flat().filter((it) => it?.type);
  return listed.map((it) => it.type).join(' OR ') || 'unknown';
}
