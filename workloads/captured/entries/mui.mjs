import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';
import * as mui from '@mui/material';

const { Button, CssBaseline, Table, TableBody, TableCell, TableRow, ThemeProvider, createTheme } = mui;
const theme = createTheme({ palette: { primary: { main: '#2e7d32' } } });
const rows = ['parse', 'bytecode', 'full', 'graph'].map((path, place) =>
  h(TableRow, { key: path }, h(TableCell, null, path), h(TableCell, { align: 'right' }, 2 ** place)));
const page = h(ThemeProvider, { theme }, h(CssBaseline), h(Table, null, h(TableBody, null, rows)), h(Button, { variant: 'contained' }, 'Measure'));
const html = renderToString(page);
console.log(`mui: ${Object.keys(mui).length} exports, ${html.length} characters`);
console.log(html.replace(/<style[^>]*>.*?<\/style>/g, '').slice(0, 300));
