/** The content of every hostile page: some of all that a page has, in the class names of the usual style sheets, and valid as XML. */

export const sample = `<main class="container">
<h1>Garden tools</h1>
<p class="lead">Spades, forks and <a href="#tools">everything else</a> that a garden needs, <em>sharp</em> and <strong>strong</strong>.</p>
<nav class="nav navbar"><ul class="menu"><li class="nav-item active"><a class="nav-link" href="#a">One</a></li><li class="nav-item"><a class="nav-link" href="#b">Two</a></li></ul></nav>
<form class="ui form"><fieldset class="field"><legend>Search</legend>
<label class="form-label" for="search">Words</label><input class="form-control input" id="search" type="text" value="spade" />
<label><input type="radio" name="size" value="s" checked="checked" /> Small</label>
<label><input type="checkbox" name="new" /> New</label>
<select class="form-select"><option>Any price</option></select>
<textarea class="textarea" rows="2">Notes</textarea>
<button class="btn btn-primary button ui primary" type="button" id="open">Find</button></fieldset></form>
<table class="table"><thead><tr><th>Tool</th><th>Price</th></tr></thead><tbody><tr><td>Spade</td><td>30</td></tr><tr><td>Fork</td><td>28</td></tr></tbody></table>
<section class="card"><h2 class="card-title">Card</h2><p class="text">A section of the page with the class names of our card.</p><button class="send close" type="button">Send</button></section>
<blockquote>Dig deep.</blockquote><hr /><pre><code>spade --sharp</code></pre>
<svg width="10" height="900"></svg>
</main>`
