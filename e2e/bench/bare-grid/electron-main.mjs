// @ts-check
// electron [switches] electron-main.mjs URL WIDTHxHEIGHT: shows the page, and nothing of Holdfast.
import { app, BrowserWindow } from 'electron';

const [url = '', size = ''] = process.argv.slice(-2);
const [width = 0, height = 0] = size.split('x').map(Number);

app.on('window-all-closed', () => app.quit());
app.whenReady().then(() => {
  const window = new BrowserWindow({
    width,
    height,
    useContentSize: true,
    // The sites allow no other origin, as real ones do; Holdfast's gateway does not need them to.
    webPreferences: { webSecurity: false, backgroundThrottling: false },
  });
  return window.loadURL(url);
});
