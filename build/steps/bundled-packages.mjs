// @ts-check
import sbom from 'rollup-plugin-sbom';

/**
 * Writes the list of the packages that a build bundles as CycloneDX, `bundled-packages.json`. It says nothing of when or where it was
 * built.
 */
export function bundledPackages() {
  return sbom({
    specVersion: '1.6',
    outDir: '.',
    outFilename: 'bundled-packages',
    outFormats: ['json'],
    // The tools of the build, of which it misses one.
    autodetect: false,
    saveTimestamp: false,
    generateSerial: false,
    includeWellKnown: false,
  });
}
